package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// gitsite: the tiny site in a repository, committed, with the bare repository $WORK/remote as its origin. What kept looks
// at is remembered.
func cmdGitSite(ts *testscript.TestScript, neg bool, args []string) {
	cmdTiny(ts, false, nil)
	remote := filepath.Join(filepath.Dir(ts.MkAbs(".")), "remote")
	ts.Setenv("REMOTE", remote)
	ts.Check(os.WriteFile(ts.MkAbs(".gitignore"), []byte("/public/\n"), 0o644))
	for _, line := range []string{"init -q --bare " + remote, "init -q -b main", "config user.name Ann", "config user.email ann@example.org", "remote add origin " + remote, "add -A", "commit -q -m first"} {
		ts.Check(ts.Exec("git", strings.Fields(line)...))
	}
	ts.Setenv("KEPT", repository(ts))
}

// kept [-new]: the work tree, the index, the branches and what is checked out are, byte for byte, as they were at gitsite
// or the last kept -new, which only remembers.
func cmdKept(ts *testscript.TestScript, neg bool, args []string) {
	now := repository(ts)
	if len(args) == 0 && now != ts.Getenv("KEPT") {
		ts.Fatalf("the repository was touched:\n%s\nbefore:\n%s", now, ts.Getenv("KEPT"))
	}
	ts.Setenv("KEPT", now)
}

// repository writes down what a command must not touch.
func repository(ts *testscript.TestScript) string {
	var b strings.Builder
	add := func(name string) error {
		data, err := os.ReadFile(ts.MkAbs(name))
		fmt.Fprintf(&b, "%s %x\n", name, sha256.Sum256(data))
		return err
	}
	top := ts.MkAbs(".")
	ts.Check(filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		name, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		return add(name)
	}))
	ts.Check(add(".git/index"))
	ts.Check(add(".git/HEAD"))
	ts.Check(filepath.WalkDir(ts.MkAbs(".git/refs/heads"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		return add(name)
	}))
	return b.String()
}
