"""What people have to give: by the page, by telephone, by the private link, and the desk's list."""
