package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"

	"gloss/generator/content"
	"gloss/generator/site"
)

// Scripts are the files of the theme for what the script of a page does: they are written small, and site.js with the
// words of the site's language.
var Scripts = []string{"static/site.js", "static/search.js", "static/site.css"}

// ScriptInput is what one of these depends on.
type ScriptInput struct {
	Name     string
	Text     []byte
	Language string
	Words    content.Words
}

// scriptWords stands in the script where its words belong.
const scriptWords = `"gloss-words-go-here"`

// MakeScript makes one of the Scripts. What cannot be read is left as it is, for the browser to report.
func MakeScript(in ScriptInput) []byte {
	if strings.HasSuffix(in.Name, ".css") {
		s, _, _ := readStyle(content.File{Name: in.Name, Text: in.Text})
		return []byte(s.whole())
	}
	w := in.Words
	words := data1(map[string]string{
		"lang": in.Language, "preview": w.Preview, "open": w.OpenPage, "list": w.ToSource, "close": w.Close, "previews": w.Previews, "on": w.On, "off": w.Off,
		"theme": w.Theme, "system": w.System, "light": w.Light, "dark": w.Dark, "stale": w.Stale,
		"since": w.SinceRead, "last": w.LastTime, "link": w.CopyLink, "copied": w.Copied,
		"search": w.Search, "results": w.Results, "nothing": w.NoResult, "passage": w.Passage, "meant": w.Meant, "comma": w.Comma,
	})
	text := bytes.Replace(in.Text, []byte(scriptWords), words, 1)
	m := minify.New()
	m.Add("text/javascript", &js.Minifier{Version: 2022})
	small, err := m.Bytes("text/javascript", text)
	if err != nil {
		return text
	}
	return small
}

// data1 is JSON that a script can hold, without the escapes that HTML would need.
func data1(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null") // only values that JSON has are given
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// dataFile is a file of data for the script: a script that calls one function, so that it loads from a disk, too.
func dataFile(name string, v any) File {
	return File{"_x/" + name + ".js", slices.Concat([]byte(`gloss("`+name+`",`), data1(v), []byte(")\n"))}
}

// previewShard is how large the previews may be in one file.
const previewShard = 150_000

// PreviewInput is what the files of previews depend on.
type PreviewInput struct{ Previews []site.Preview }

// Previews makes the files that hold what the cards over links show: one, or above 150 KB one for each first character
// of the id, which the first then lists.
func Previews(in PreviewInput) []File {
	if len(in.Previews) == 0 {
		return nil
	}
	all, by, size := map[string][]string{}, map[string]map[string][]string{}, 0
	for _, p := range in.Previews {
		list := []string{p.Title, p.Meta, p.Text, p.From, p.Review}
		for len(list) > 0 && list[len(list)-1] == "" {
			list = list[:len(list)-1]
		}
		all[p.Key] = list
		for _, s := range append(list, p.Key) {
			size += len(s) + 3
		}
		c := charCode(p.Key)
		if by[c] == nil {
			by[c] = map[string][]string{}
		}
		by[c][p.Key] = list
	}
	if size <= previewShard {
		return []File{dataFile("previews", all)}
	}
	var shards []string
	var out []File
	for c, list := range by {
		shards = append(shards, c)
		out = append(out, dataFile("previews-"+c, list))
	}
	slices.Sort(shards)
	out = append(out, dataFile("previews", map[string][]string{"": shards}))
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// charCode is the first character of an address's id, as the script writes it too: the number of it in base 36.
func charCode(key string) string {
	key = strings.TrimSuffix(key, "/")
	r, _ := utf8.DecodeRuneInString(key[strings.LastIndexAny(key, "/#")+1:])
	return strconv.FormatInt(int64(r), 36)
}

// inlineScripts are the hashes by which the policy allows the scripts that a layout has in the head itself: the line that
// applies a remembered theme before the first paint. What stands in the body is the writer's and is not allowed.
func inlineScripts(page []byte) string {
	if i := bytes.Index(page, []byte("</head>")); i >= 0 {
		page = page[:i]
	}
	out := ""
	for {
		i := bytes.Index(page, []byte("<script>"))
		if i < 0 {
			return out
		}
		page = page[i+len("<script>"):]
		end := bytes.Index(page, []byte("</script>"))
		if end < 0 {
			return out
		}
		sum := sha256.Sum256(page[:end])
		out += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		page = page[end:]
	}
}
