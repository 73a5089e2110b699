package build

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"reflect"
	"slices"
)

// digest is the hash of a value.
type digest [sha256.Size]byte

// hashOf hashes plain data: every exported field, length-prefixed, over the raw bytes (encoding/json would fold
// different invalid strings into one). A type with a Hash method stands for itself. Anything that cannot be hashed whole
// panics: TestPlainData keeps such types out of the inputs.
func hashOf(v any) digest {
	h := hasher{h: sha256.New(), buf: make([]byte, 0, 4096)}
	h.value(reflect.ValueOf(v))
	h.flush()
	var d digest
	h.h.Sum(d[:0])
	return d
}

type hasher struct {
	h   hash.Hash
	buf []byte
}

func (h *hasher) flush() {
	h.h.Write(h.buf)
	h.buf = h.buf[:0]
}

func (h *hasher) num(n uint64) {
	h.buf = binary.LittleEndian.AppendUint64(h.buf, n)
	if len(h.buf) > 4000 {
		h.flush()
	}
}

func (h *hasher) bytes(b []byte) {
	h.num(uint64(len(b)))
	if len(b) > 2000 {
		h.flush()
		h.h.Write(b)
		return
	}
	h.buf = append(h.buf, b...)
}

// hashed is a value that carries its own hash, fixed by its only constructor.
type hashed interface{ Hash() string }

func (h *hasher) value(v reflect.Value) {
	if v.Kind() == reflect.Struct && v.NumMethod() > 0 {
		if x, ok := v.Interface().(hashed); ok {
			h.str(x.Hash())
			return
		}
	}
	switch v.Kind() {
	case reflect.String:
		h.str(v.String())
	case reflect.Bool:
		n := uint64(0)
		if v.Bool() {
			n = 1
		}
		h.num(n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.num(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		h.num(v.Uint())
	case reflect.Float64, reflect.Float32:
		h.num(math.Float64bits(v.Float()))
	case reflect.Pointer:
		if v.IsNil() {
			h.num(0)
			return
		}
		h.num(1)
		h.value(v.Elem())
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			h.bytes(v.Bytes())
			return
		}
		h.num(uint64(v.Len()))
		for i := range v.Len() {
			h.value(v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			if a.String() < b.String() {
				return -1
			}
			return 1
		})
		h.num(uint64(len(keys)))
		for _, k := range keys {
			h.value(k)
			h.value(v.MapIndex(k))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			h.value(v.Field(i))
		}
	default:
		panic(fmt.Sprintf("build: a %s cannot be part of a key", v.Type()))
	}
}

func (h *hasher) str(s string) {
	h.num(uint64(len(s)))
	if len(s) > 2000 {
		h.flush()
		h.h.Write([]byte(s))
		return
	}
	h.buf = append(h.buf, s...)
}
