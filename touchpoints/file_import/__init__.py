"""Touchpoints from CSV files: declared by a mapping, read row by row, stored in batches that may be killed."""

from touchpoints.file_import.importing import Report, import_file
from touchpoints.file_import.mapping import Mapping, MappingError, load_mapping
from touchpoints.file_import.reading import FileError

__all__ = ["FileError", "Mapping", "MappingError", "Report", "import_file", "load_mapping"]
