# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compiles the JSON files of a resource folder into the target, so that the library needs no files at run time.

function(paretoscope_embed target folder)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.json)
    list(FILTER files EXCLUDE REGEX "^bundles/") # shipped beside the library, not in it
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
    set(sources "")
    foreach(file IN LISTS files)
        list(APPEND sources ${folder}/${file})
    endforeach()
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} "-DFILES=${files}" -DOUTPUT=${output}
                -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embedfiles.cmake
        DEPENDS ${sources} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embedfiles.cmake
        COMMENT "Embedding resources" VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
