-- Lmod modulefile; `make install` writes the folder in. To use it:
--   module use PREFIX/share/modulefiles; module load datacube-storage-lab
local prefix = "@PREFIX@"
help([[Sentinel-2 Level-1C to COG and Zarr, to S3 and local disks, and benchmarks of all of these. man s2-intake-year]])
whatis("Name: datacube-storage-lab")
prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
setenv("DSLAB_HOME", pathJoin(prefix, "share"))
setenv("DSLAB_BIN", pathJoin(prefix, "bin"))
