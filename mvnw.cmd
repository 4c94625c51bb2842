@echo off
rem Litestow is built and run on Linux and macOS. For a look at the sources from Windows this runs the Maven on the
rem PATH; mvnw, the Unix twin, can fetch one, too.
where mvn >nul 2>nul
if errorlevel 1 (
  echo mvnw: there is no Maven on the PATH. Install Maven 3.8.7 or newer. 1>&2
  exit /b 1
)
mvn %*
