"""The lakebook kernel: Python with the magics loaded, told where its home or its server is."""
