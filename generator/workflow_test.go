package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// actionlint checks the workflows as GitHub would read them. It is run from its own module, at a version of its own,
// since what it needs does not go together with what the program needs.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	args := append([]string{"run", actionlint, "-no-color", "-shellcheck=", "-pyflakes="}, files...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("actionlint: %v\n%s", err, out)
	}
}
