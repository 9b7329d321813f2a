"""What is said of every next frame: whose it is, what it shows, for which job, through which lens."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from groundglass.errors import UsageError
from groundglass.model.shot import ManualLens, Shot
from groundglass.session import sidecar
from groundglass.session.sidecar import Sidecar, sidecar_path
from groundglass.studio.preferences import Preferences


class NextFrames(Struct, frozen=True):
    """Goes into the sidecar of every frame from now on; what is empty says nothing."""

    creator: str = ""  # several: with "; " between them
    copyright: str = ""
    keywords: tuple[str, ...] = ()
    job: str = ""
    lens: ManualLens | None = None

    @classmethod
    def chosen(cls, preferences: Preferences) -> NextFrames:
        """Read what stands in the preferences; a lens that makes no sense there is none."""
        try:
            lens = ManualLens.parse(preferences.lens) if preferences.lens else None
        except UsageError:
            lens = None
        keywords = split_keywords(preferences.keywords)
        return cls(preferences.creator, preferences.copyright, keywords, preferences.job, lens)

    @property
    def is_empty(self) -> bool:
        return self == NextFrames()

    def added_to(self, before: Sidecar) -> Sidecar:
        """Return a sidecar with this said too; keywords that are there stay."""
        after = replace(
            before,
            creator=self.creator or before.creator,
            copyright=self.copyright or before.copyright,
            job=self.job or before.job,
            keywords=tuple(dict.fromkeys((*before.keywords, *self.keywords))),
        )
        if self.lens is None:
            return after
        return replace(after, lens=self.lens.name, focal_mm=self.lens.focal_mm, aperture=self.lens.f_number)

    @staticmethod
    def is_beside(folder: Path, shot: Shot) -> bool:
        """Tell whether a shot has a sidecar in its session folder."""
        return any(sidecar_path(folder / file.path).exists() for file in shot.files)

    def write_beside(self, folder: Path, shot: Shot) -> None:
        """Say it in the sidecar of a shot that is whole in its session folder. Raises SessionError."""
        # Mostly one for all files; another name of a file was taken where there are more.
        for path in {sidecar_path(folder / file.path): None for file in shot.files}:
            sidecar.amend(path, self.added_to)


def split_keywords(text: str, wholes: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the keywords of a text with commas between them, each once.

    wholes: keywords; where one of them that has commas itself stands in the text, it stays as it is.
    """
    parts = _parts(text)
    runs = {_parts(one): one for one in wholes if "," in one}
    longest_first = sorted(runs, key=len, reverse=True)
    found: dict[str, None] = {}
    while parts:
        run = next((one for one in longest_first if parts[: len(one)] == one), parts[:1])
        found[runs.get(run, run[0])] = None
        parts = parts[len(run) :]
    return tuple(word for word in found if word)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
