# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Run by paretoscope_embed() at build time: writes OUTPUT with the content of FILES, which are relative to FOLDER.
set(text "#include \"base/resource.h\"\n\nnamespace paretoscope {\n\nstd::vector<EmbeddedFile> embeddedFiles()\n{\n    return {\n")
foreach(file IN LISTS FILES)
    file(READ ${FOLDER}/${file} content)
    string(APPEND text "        {\"${file}\",\n")
    # A string literal may hold 64 kB; longer files are written in pieces.
    string(LENGTH "${content}" length)
    set(at 0)
    while(at LESS length)
        string(SUBSTRING "${content}" ${at} 8000 piece)
        string(APPEND text "R\"EMBEDDED(${piece})EMBEDDED\"\n")
        math(EXPR at "${at} + 8000")
    endwhile()
    string(APPEND text "        },\n")
endforeach()
string(APPEND text "    };\n}\n\n} // namespace paretoscope\n")
file(WRITE ${OUTPUT} "${text}")
