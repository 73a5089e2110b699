package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReplaceKeepsWhatAWriterSaved: check --fix never writes over a file that was saved since it was read.
func TestReplaceKeepsWhatAWriterSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.md")
	if err := os.WriteFile(path, []byte("saved since"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replace(path, []byte("as read"), []byte("mended")); err == nil {
		t.Error("a changed file was replaced")
	}
	if got, _ := os.ReadFile(path); string(got) != "saved since" {
		t.Errorf("the file holds %q", got)
	}
	if err := replace(path, []byte("saved since"), []byte("mended")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if got, _ := os.ReadFile(path); err != nil || string(got) != "mended" || info.Mode().Perm() != 0o600 {
		t.Errorf("the file holds %q with mode %v, %v", got, info.Mode(), err)
	}
}
