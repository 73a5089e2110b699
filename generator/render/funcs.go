package render

import (
	"fmt"
	"html/template"
	"strings"
)

// funcs are the functions that layouts may use beside the built-in ones. Each depends on its arguments alone.
var funcs = template.FuncMap{
	"svg":      pageSVG,
	"barclass": barClass,
	"alt":      chartAlt,
	"inc":      func(n int) int { return n + 1 },
	"join":     func(list []string, sep string) string { return strings.Join(list, sep) },
	"lower":    strings.ToLower,
	"dict":     dict,
}

// dict passes several things to a part: {{template "x.html" dict "fact" . "words" $.Site.Words}}.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs a value for each key")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("a key of dict is %v, not a text", pairs[i])
		}
		out[k] = pairs[i+1]
	}
	return out, nil
}
