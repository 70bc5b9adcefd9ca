"""Pictures that people send: read, checked, re-encoded, stripped of everything but their pixels."""

import io
import warnings
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000
MOST_BYTES = 15 * 2**20
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


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
            return on_white(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("The picture has more than 40 million pixels. Make it smaller and try again.") from None
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file makes it stumble over
        raise PictureError("This file is no picture that we can read. Use a JPEG, PNG, WebP or GIF.") from None


def on_white(image: Image.Image) -> Image.Image:
    """Nothing shines through, so a drawing with dark lines can be seen on a dark page too."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def encode(image: Image.Image, width: int) -> bytes:
    """The picture at one width, as WebP without metadata."""
    height = max(1, round(image.height * width / image.width))
    return as_webp(image.resize((width, height), Image.Resampling.LANCZOS))


def encode_square(image: Image.Image, side: int) -> bytes:
    """The middle of the picture as a square, as WebP without metadata."""
    return as_webp(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS))


def as_webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=4)
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
