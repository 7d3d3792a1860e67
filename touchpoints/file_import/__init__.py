"""Touchpoints from CSV files: declared by a mapping, read row by row, stored in batches that may be killed."""

from customers.table_files.rows import FileError
from touchpoints.file_import.importing import Report, import_file
from touchpoints.file_import.mapping import Mapping, MappingError, load_mapping

__all__ = ["FileError", "Mapping", "MappingError", "Report", "import_file", "load_mapping"]
