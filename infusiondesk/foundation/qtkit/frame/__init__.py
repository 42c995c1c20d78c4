"""The frame around every screen: side bar, top bar, banner, foot, palette, dialogs; and the list-with-detail layout.

Import each from its own file; nothing is imported here, so that the sign-in stays fast.
"""
