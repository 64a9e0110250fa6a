"""The acting side: git, files, argv and exit codes."""
