"""Sheets that come in and go out: cells, columns, dates, rows."""
