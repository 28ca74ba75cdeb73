"""What people have to give: things, and standing offers such as a van on Saturdays. In code a *gift*."""
