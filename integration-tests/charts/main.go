// Reads Kubernetes objects as Helm renders them, and decodes each into its Go type without
// forgiving a single field: kind by kind, what Kubernetes itself would store.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	strict := json.NewSerializerWithOptions(
		json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{Yaml: true, Strict: true})
	documents := yaml.NewDocumentDecoder(io.NopCloser(os.Stdin))
	failed := false
	for {
		document, err := next(documents)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && len(bytes.TrimSpace(document)) > 0 {
			err = check(strict, document)
		}
		if err != nil {
			fmt.Println("FAILED:", err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// next is the next document; they are all small.
func next(documents io.Reader) ([]byte, error) {
	buffer := make([]byte, 1<<20)
	n, err := documents.Read(buffer)
	return buffer[:n], err
}

func check(strict runtime.Decoder, document []byte) error {
	object, kind, err := strict.Decode(document, nil, nil)
	if kind == nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", kind.Kind, err)
	}
	accessor, ok := object.(interface{ GetName() string })
	if !ok || accessor.GetName() == "" {
		return fmt.Errorf("%s without a name", kind.Kind)
	}
	fmt.Println(kind.Kind, accessor.GetName())
	return nil
}
