"""A form that opens beside a list: how the screens of deliveries open one, and come back to what was shown before."""

from collections.abc import Callable

from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.screen import Screen


def edit_beside(screen: Screen, page: ListDetail, editor: Editor, then: Callable[[], None]) -> None:
    """Open a form in the place of the detail; `then` shows the detail again when it was saved or put away."""
    screen.begin(editor)
    page.show_detail(editor, editor.save, editor.cancel)
    page.open_drawer()
    editor.saved.connect(lambda _: then())
    editor.cancelled.connect(then)
