# SPDX-License-Identifier: Apache-2.0
"""An ELF image: what it loads and where its functions are."""

import bisect

from elftools.elf.elffile import ELFFile


class Image:
    def __init__(self, path):
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.entry = elf["e_entry"]
            self.segments = [(segment["p_paddr"], segment.data()) for segment in elf.iter_segments()
                             if segment["p_type"] == "PT_LOAD" and segment["p_filesz"]]
            symbols = elf.get_section_by_name(".symtab").iter_symbols()
            self.functions = sorted((symbol["st_value"] & ~1, symbol["st_size"], symbol.name)
                                    for symbol in symbols if symbol["st_info"]["type"] == "STT_FUNC")

    def places_of(self, is_wanted):
        """Addresses in functions whose four bytes are such an instruction, or begin with one."""
        found = []
        for begin, content in self.segments:
            for address, size, _ in self.functions:
                for at in range(address, address + size, 2):
                    if begin <= at < begin + len(content) and is_wanted(content[at - begin:at - begin + 4]):
                        found.append(at)
        return found

    def place(self, address):
        index = bisect.bisect(self.functions, (address, float("inf"), "")) - 1
        if index >= 0:
            begin, size, name = self.functions[index]
            if begin <= address < begin + max(size, 2):
                return f"{address:#010x} in {name}"
        return f"{address:#010x}"
