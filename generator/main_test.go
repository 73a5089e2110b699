package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this very program as `gloss`.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"gloss": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}
