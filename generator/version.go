package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"gloss/generator/git"
)

// version says which program this is: its version and the commit that it was built from, as far as the go command wrote
// them into it. `go build` does for a checkout, `go install …@version` the version alone, and `go run` neither: then the
// checkout is asked in which the sources lie, if it is still there.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	v := versionOf(info)
	if v.commit == "" {
		if _, file, _, ok := runtime.Caller(0); ok {
			v.commit, v.changed = checkedOut(filepath.Dir(file))
		}
	}
	return v.String()
}

// built is which program this is.
type built struct {
	version, commit, time, goVersion string
	changed                          bool // the sources differ from the commit
}

func versionOf(info *debug.BuildInfo) built {
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	return built{version: info.Main.Version, commit: set["vcs.revision"], time: set["vcs.time"], changed: set["vcs.modified"] == "true", goVersion: info.GoVersion}
}

func (v built) String() string {
	if v.version == "" || v.version == "(devel)" {
		v.version = "development"
	}
	commit := "commit unknown"
	if v.commit != "" {
		commit = "commit " + v.commit
		if v.time != "" {
			commit += " of " + v.time
		}
		if v.changed {
			commit += ", with changes since"
		}
	}
	return fmt.Sprintf("gloss %s (%s, %s)", v.version, commit, v.goVersion)
}

// checkedOut is the commit of the checkout in which a folder lies, and whether the folder differs from it; "" when there
// is none.
func checkedOut(dir string) (commit string, changed bool) {
	repo, err := git.Open(dir)
	if err != nil {
		return "", false
	}
	if commit, err = repo.Commit("HEAD"); err != nil {
		return "", false
	}
	dirty, err := repo.Dirty(dir)
	return commit, err != nil || len(dirty) > 0
}
