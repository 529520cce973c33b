# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

# Library, headers, find_package(cofu CONFIG) and cofu.pc.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(cofu_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cofu-${PROJECT_VERSION})

install(TARGETS cofu cofu_hook EXPORT cofu
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)

install(EXPORT cofu NAMESPACE cofu:: FILE cofuTargets.cmake DESTINATION ${cofu_cmake_dir})
configure_package_config_file(cmake/cofuConfig.cmake.in cofuConfig.cmake
    INSTALL_DESTINATION ${cofu_cmake_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(cofuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/cofuConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/cofuConfigVersion.cmake
    DESTINATION ${cofu_cmake_dir})

set(cofu_pc_cflags "")
if(BUILD_SHARED_LIBS)
    set(cofu_pc_cflags " -DCOFU_DYN_LINK")
endif()
file(RELATIVE_PATH cofu_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/cofu.pc.in cofu.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/cofu.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
