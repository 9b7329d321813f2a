"""Shots on disk: stored durably, journalled, recovered after a crash."""
