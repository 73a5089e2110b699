package content

import (
	"slices"
	"strings"
)

// Media says how a file can be shown on a page.
type Media string

// The ways to show a file. FileMedia is everything that browsers do not show on a page: readers get a link to it.
const (
	Picture   Media = "picture"
	Film      Media = "film"
	Sound     Media = "sound"
	Paper     Media = "paper" // PDF, which browsers open by themselves
	FileMedia Media = "file"
)

// media are the endings of the files that browsers show: Chromium, Firefox and Safari alike, but for the container of a
// film, which no ending tells.
var media = map[Media][]string{
	Picture: {"png", "apng", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico"},
	Film:    {"mp4", "m4v", "webm", "ogv", "mov"},
	Sound:   {"mp3", "ogg", "oga", "opus", "wav", "m4a", "aac", "flac"},
	Paper:   {"pdf"},
}

// MediaOf says how a file can be shown, by the ending of its name.
func MediaOf(name string) Media {
	ending := strings.ToLower(strings.TrimSpace(name[strings.LastIndexByte(name, '.')+1:]))
	for m, endings := range media {
		if slices.Contains(endings, ending) {
			return m
		}
	}
	return FileMedia
}

// embeddedMedia is MediaOf for what stands in ![[…]]: a name with a fragment, a size or words behind it. A name without an
// ending is that of a page.
func embeddedMedia(target string) Media {
	target, _, _ = strings.Cut(target, "|")
	target, _, _ = strings.Cut(target, "#")
	if !strings.Contains(target, ".") {
		return FileMedia
	}
	return MediaOf(target)
}
