# siyu_module(NAME [NAMESPACE name] SOURCES a.cpp … [SQL noun.sql …] [DEPENDS base store …] [LIBRARIES ICU::uc …] [TESTS a_test.cpp …])
#
# Makes the static library siyu_NAME from the listed sources, and one test program NAME_test from the tests.
# Every noun.sql becomes the generated header "NAME/noun_sql.h" (tools/embed_sql.cmake), constants in
# NAME::sql, or in NAMESPACE::sql where the module's name cannot be a namespace.
# Sources are listed by name, never globbed; DEPENDS names modules of lower floors only.
function(siyu_module name)
  cmake_parse_arguments(arg "" "NAMESPACE" "SOURCES;SQL;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS" ${ARGN})
  set(generated "${CMAKE_BINARY_DIR}/generated")
  set(namespace ${name})
  if(arg_NAMESPACE)
    set(namespace ${arg_NAMESPACE})
  endif()
  foreach(sql IN LISTS arg_SQL)
    get_filename_component(noun ${sql} NAME_WE)
    set(header "${generated}/${name}/${noun}_sql.h")
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${sql} -DOUTPUT=${header}
              -DNAMESPACE=${namespace} -P ${PROJECT_SOURCE_DIR}/tools/embed_sql.cmake
      DEPENDS ${sql} ${PROJECT_SOURCE_DIR}/tools/embed_sql.cmake
      VERBATIM)
    list(APPEND arg_SOURCES ${header})
  endforeach()
  add_library(siyu_${name} STATIC ${arg_SOURCES})
  target_include_directories(siyu_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${generated})
  list(TRANSFORM arg_DEPENDS PREPEND siyu_)
  target_link_libraries(siyu_${name} PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES} fmt::fmt Threads::Threads)
  if(BUILD_TESTING AND arg_TESTS)
    list(TRANSFORM arg_TEST_DEPENDS PREPEND siyu_)
    add_executable(${name}_test ${arg_TESTS})
    target_link_libraries(${name}_test PRIVATE siyu_${name} ${arg_TEST_DEPENDS} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE SIYU_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

# siyu_table(OUTPUT_VARIABLE module/name_table.h INPUT name.tsv NAMESPACE api ARRAY kNames ROW Name INCLUDE api/name.h)
# Makes a header of a table of texts; add the variable to the module's SOURCES.
function(siyu_table variable header)
  cmake_parse_arguments(arg "" "INPUT;NAMESPACE;ARRAY;ROW;INCLUDE" "" ${ARGN})
  set(output "${CMAKE_BINARY_DIR}/generated/${header}")
  add_custom_command(
    OUTPUT ${output}
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tools/embed_table
            ${CMAKE_CURRENT_SOURCE_DIR}/${arg_INPUT} ${output} ${arg_NAMESPACE} ${arg_ARRAY}
            ${arg_ROW} ${arg_INCLUDE}
    DEPENDS ${arg_INPUT} ${PROJECT_SOURCE_DIR}/tools/embed_table
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
