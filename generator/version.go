package main

import (
	"fmt"
	"runtime/debug"
)

// version says which program this is: its version and the commit that it was built from, as far as the go command wrote
// them into it. `go build` does for a checkout, `go install …@version` the version alone.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown: built without module support"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	commit := "commit unknown"
	if rev := set["vcs.revision"]; rev != "" {
		commit = "commit " + rev
		if at := set["vcs.time"]; at != "" {
			commit += " of " + at
		}
		if set["vcs.modified"] == "true" {
			commit += ", with changes since"
		}
	}
	return fmt.Sprintf("%s (%s, %s)", v, commit, info.GoVersion)
}
