"""The pictures of a store: none blank, none like another."""

from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPainter

from infusiondesk.app.commands.picturing import Album


def drawn(*colours: str) -> QImage:
    """Stripes of 32 pixels on white."""
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    for number, colour in enumerate(colours):
        painter.fillRect(32 * number, 0, 32, 200, QColor(colour))
    painter.end()
    return image


def test_a_blank_picture_is_told() -> None:
    assert Album().fault_of(drawn("black", "gray"), Path("light/labs.png")) == "is blank"


def test_a_picture_like_another_is_told_with_its_name() -> None:
    album = Album()

    assert album.fault_of(drawn("black", "gray", "red"), Path("light/labs.png")) is None
    assert album.fault_of(drawn("black", "gray", "blue"), Path("light/stock.png")) is None
    assert album.fault_of(drawn("black", "gray", "red"), Path("dark/labs.png")) == "shows the same as light/labs.png"
