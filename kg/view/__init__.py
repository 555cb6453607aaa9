"""What people see: the page, reports, fragments and the workbench."""
