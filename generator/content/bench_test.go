package content

import (
	"strings"
	"testing"
)

// BenchmarkParseDoc reads a page of 4 KB with the constructs of the guide's complete section (writer.md section 7).
func BenchmarkParseDoc(b *testing.B) {
	head := `---
title: Did Iraq ask the US to leave?
order: 20
answer: >
  Not in a binding way. Parliament urged an end to the US presence in 2020,
  but the vote obliged nobody to act.
published: "2024-02-05"
authors: [a-editor]
about: [mohammed-shia-al-sudani, us-led-coalition]
---

`
	part := `## What did parliament decide in 2020?

In January 2020, after the US military killed the Iranian general
[[qasem-soleimani|Qasem Soleimani]], Iraqi lawmakers
[[parliament-resolution-2020|passed a resolution]] calling for the American
presence to end [@iran-times-2024-02-02, para. 9]. It advised; it did not
order, and the government of the day let it lie.[^why]

Advising still takes people: [roughly 2,500](fact:us-troops-iraq) US troops
were in Iraq when the article appeared, *not* counting **contractors**.

> [!known]
> **What is established**
> - Parliament's 2020 resolution was not mandatory.
> - A committee was announced on 5 January 2024.

| When | How many |
|------|---------:|
| 2020 | 5,200    |
| 2024 | 2,500    |

`
	src := head + strings.Repeat(part, 1+(4096-len(head))/len(part)) + "[^why]: The article gives no reason for the inaction.\n"
	in := DocInput{File{"content/sections/20-did-iraq-ask.md", []byte(src)}, Settings{Language: "en"}}
	if p := ParseDoc(in); len(p.Findings) > 0 {
		b.Fatal(p.Findings)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		ParseDoc(in)
	}
}
