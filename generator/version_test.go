package main

import (
	"runtime/debug"
	"testing"
)

// TestVersion reads what the go command writes into a program: `go build` in a checkout, `go install` of a version.
func TestVersion(t *testing.T) {
	set := func(pairs ...string) (out []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	for _, c := range []struct {
		info debug.BuildInfo
		want string
	}{
		{debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "(devel)"}, Settings: set("vcs.revision", "1a2b", "vcs.time", "2024-02-02T10:00:00Z", "vcs.modified", "false")},
			"gloss development (commit 1a2b of 2024-02-02T10:00:00Z, go1.26)"},
		{debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.0+dirty"}, Settings: set("vcs.revision", "1a2b", "vcs.modified", "true")},
			"gloss v1.2.0+dirty (commit 1a2b, with changes since, go1.26)"},
		{debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.0"}}, "gloss v1.2.0 (commit unknown, go1.26)"},
	} {
		if got := versionOf(&c.info).String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
