// Package gloss holds the default theme: the layouts and styles of the first site, built into the program so that a
// site without its own needs nothing beside it. The program itself is in generator/.
package gloss

import "embed"

// Theme holds layouts/ and static/ as they were when the program was built.
//
//go:embed layouts static
var Theme embed.FS
