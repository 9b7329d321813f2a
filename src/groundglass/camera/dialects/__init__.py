"""All that Groundglass knows of brands, as data and parsers of single texts. No other module names one.

settings        what a brand calls a setting; widgets read as settings
values          how it spells shutter, aperture, ISO, compensation and kelvin
labels          the one word for what brands spell in many ways
image_formats   which files an image format gives
capture_target  where pictures go
release         how it is released, and what it reports of a shot
focus           how it focuses and moves its focus, and how it tells that it missed
viewpoint       how it is told where to focus, and magnifies its live picture
habits          what it has to be told beside what the photographer asks for
capabilities    what a body can do, as the names of its settings tell
"""
