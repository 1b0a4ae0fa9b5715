"""What `import lakebook` and `%load_ext lakebook` cost beside the same process without them."""

from __future__ import annotations

from measure import in_turns, more_than, python, tell

SHELL = "from IPython.core.interactiveshell import InteractiveShell; shell = InteractiveShell.instance()"

if __name__ == "__main__":
    imports = {
        "python": python("pass"),
        "import lakebook": python("import lakebook"),
        "import lakebook; lakebook.open": python("import lakebook; lakebook.open"),
    }
    tell("Import (limit: 100 ms more than Python)", in_turns(imports), more_than("python"))
    kernels = {
        "IPython shell": python(SHELL),
        "%load_ext lakebook": python(f"{SHELL}; shell.run_line_magic('load_ext', 'lakebook')"),
    }
    tell("Magics (limit: 300 ms more than the shell)", in_turns(kernels), more_than("IPython shell"))
