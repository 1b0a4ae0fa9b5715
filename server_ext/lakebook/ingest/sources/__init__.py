"""Where tables come from: files of every packing, folders, workbooks, databases, addresses."""
