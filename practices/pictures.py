"""Pictures that people send: read, checked, re-encoded, stripped of everything but their pixels."""

import io
import warnings
from enum import StrEnum
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageCms, ImageOps

MOST_PIXELS = 40_000_000
MOST_BYTES = 15 * 2**20
# No WebP can be longer.
LONGEST_SIDE = 16_000
# No page shows more of the shorter side, and 40 million pixels in memory are many.
LARGE_ENOUGH = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Format(StrEnum):
    """How we write a file; each takes fewer bytes than the next, and is known to fewer browsers."""

    AVIF = "avif"
    WEBP = "webp"
    JPEG = "jpg"

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self is Format.JPEG else f"image/{self}"


# AVIF at speed 8 takes a quarter of the time of the default, for 5 % more bytes.
OPTIONS: dict[Format, dict[str, Any]] = {
    Format.AVIF: {"format": "AVIF", "quality": 60, "speed": 8},
    Format.WEBP: {"format": "WEBP", "quality": 80, "method": 4},
    Format.JPEG: {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}
# What other files are made from: nothing that an eye would miss is lost.
MASTER = {"format": "WEBP", "quality": 92, "method": 4}


class PictureError(Exception):
    """The file is not a picture we take; the text says what to do."""


def read_image(file: IO[bytes]) -> Image.Image:
    """Decode a JPEG, PNG, WebP or GIF of at most 40 million pixels, upright, in RGB on white. Raises PictureError."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureError("The picture is larger than 15 MB. Make it smaller and try again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            if max(image.size) > LONGEST_SIDE:
                raise PictureError("The picture is longer than 16,000 pixels. Cut off a part and try again.")
            return on_white(in_common_colours(ImageOps.exif_transpose(not_larger_than_needed(image))))
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("The picture has more than 40 million pixels. Make it smaller and try again.") from None
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file makes it stumble over
        raise PictureError("This file is no picture that we can read. Use a JPEG, PNG, WebP or GIF.") from None


def not_larger_than_needed(image: Image.Image) -> Image.Image:
    """A camera's picture, halved or more often, as early as its format lets us."""
    shorter = min(image.size)
    if shorter < 2 * LARGE_ENOUGH:
        return image
    image.draft(None, (image.width * LARGE_ENOUGH // shorter, image.height * LARGE_ENOUGH // shorter))
    factor = min(image.size) // LARGE_ENOUGH
    if factor < 2 or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    reduced = image.reduce(factor)
    reduced.info.update({name: said for name, said in image.info.items() if name in ("icc_profile", "exif")})
    return reduced


def on_white(image: Image.Image) -> Image.Image:
    """Nothing shines through, so a drawing with dark lines can be seen on a dark page too."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def in_common_colours(image: Image.Image) -> Image.Image:
    """Colours that a camera or a printer names in its own way, as every screen understands them."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return found or image


def encode(image: Image.Image, width: int, format: Format) -> bytes:
    """The picture at one width, without metadata."""
    return written(at_width(image, width), OPTIONS[format])


def encode_master(image: Image.Image, width: int) -> bytes:
    """The picture at its greatest width, to make the others from."""
    return written(at_width(image, width), MASTER)


def encode_square(image: Image.Image, side: int) -> bytes:
    """The middle of the picture as a square, as WebP without metadata."""
    return written(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS), OPTIONS[Format.WEBP])


def at_width(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def written(image: Image.Image, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


class PictureFileField(forms.FileField):
    """A picture file, decoded: what can't be read is an error in words."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})

    def clean(self, data: "UploadedFile[Any] | None", initial: Any = None) -> Image.Image | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_image(file)
        except PictureError as error:
            raise ValidationError(str(error), code="picture") from error
