"""lakebook: the AI analytics platform that lives in JupyterLab."""

__version__ = "0.1.0"
