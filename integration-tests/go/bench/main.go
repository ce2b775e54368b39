// The control plane of the configuration benchmarks: many clusters over delta ADS, changed on
// command. It keeps one cache for each type, so that a change costs it what the change is worth.
//
// On standard input, one command a line: "all" (every cluster), "one" (one cluster), "endpoint" (one
// endpoint of one cluster), "mark" and "unmark" (the metadata of one endpoint among all of a subset
// cluster). Each is answered by a line once the change is handed out.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	"github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
)

var (
	count   = flag.Int("clusters", 0, "how many clusters")
	hosts   = flag.Int("hosts", 4, "endpoints of each")
	members = flag.Int("subset", 0, "endpoints of the subset cluster; 0 for no such cluster")
	portA   = flag.Uint("a", 0, "port of the server that endpoints have at first")
	portB   = flag.Uint("b", 0, "port of the server that changed endpoints have")
)

// world is what is served at present.
type world struct {
	clusters, endpoints *cache.LinearCache
	colour              []string
}

func main() {
	flag.Parse()
	w := &world{
		clusters:  cache.NewLinearCache(resource.ClusterType),
		endpoints: cache.NewLinearCache(resource.EndpointType),
		colour:    make([]string, *count),
	}
	w.fill()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	mux := &cache.MuxCache{
		Classify:      func(r *cache.Request) string { return r.GetTypeUrl() },
		ClassifyDelta: func(r *cache.DeltaRequest) string { return r.GetTypeUrl() },
		Caches:        map[string]cache.Cache{resource.ClusterType: w.clusters, resource.EndpointType: w.endpoints},
	}
	grpcServer := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(grpcServer, server.NewServer(context.Background(), mux, nil))
	go func() { log.Fatal(grpcServer.Serve(listener)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		w.obey(in.Text())
		fmt.Println("done")
	}
}

func (w *world) fill() {
	clusters, endpoints := map[string]types.Resource{}, map[string]types.Resource{}
	for i := range w.colour {
		w.colour[i] = "a"
		clusters[name(i)] = edsCluster(name(i), service(i, "a"))
		endpoints[service(i, "a")] = assignment(service(i, "a"), addresses(*hosts, *portA))
		endpoints[service(i, "b")] = assignment(service(i, "b"), addresses(*hosts, *portB))
	}
	if middle := len(w.colour) / 2; middle > 0 {
		endpoints[service(middle, "c")] = assignment(service(middle, "c"), addresses(*hosts, *portA))
	}
	if *members > 0 {
		subset := edsCluster("s", "s")
		subset.LbSubsetConfig = &cluster.Cluster_LbSubsetConfig{
			SubsetSelectors: []*cluster.Cluster_LbSubsetConfig_LbSubsetSelector{{Keys: []string{"id"}}},
		}
		clusters["s"] = subset
		endpoints["s"] = assignment("s", marked(false))
	}
	must(w.endpoints.UpdateResources(endpoints, nil))
	must(w.clusters.UpdateResources(clusters, nil))
}

func (w *world) obey(command string) {
	middle := len(w.colour) / 2
	switch command {
	case "all":
		changed := map[string]types.Resource{}
		for i := range w.colour {
			changed[name(i)] = w.flip(i)
		}
		must(w.clusters.UpdateResources(changed, nil))
	case "one":
		must(w.clusters.UpdateResource(name(middle), w.flip(middle)))
	case "endpoint":
		changed := append(addresses(*hosts-1, *portA), address("127.0.0.9", *portB))
		must(w.endpoints.UpdateResource(service(middle, w.colour[middle]), assignment(service(middle, w.colour[middle]), changed)))
	case "mark", "unmark":
		must(w.endpoints.UpdateResource("s", assignment("s", marked(command == "mark"))))
	default:
		log.Fatalf("no such command: %q", command)
	}
}

// flip has a cluster take its endpoints from another assignment, one that was never asked for before:
// what a server owes a client that comes back to a name is another question.
func (w *world) flip(i int) *cluster.Cluster {
	w.colour[i] = map[string]string{"a": "b", "b": "c"}[w.colour[i]]
	return edsCluster(name(i), service(i, w.colour[i]))
}

func name(i int) string                   { return fmt.Sprintf("c%05d", i) }
func service(i int, colour string) string { return name(i) + "/" + colour }

func edsCluster(name, service string) *cluster.Cluster {
	return &cluster.Cluster{
		Name:                 name,
		ClusterDiscoveryType: &cluster.Cluster_Type{Type: cluster.Cluster_EDS},
		ConnectTimeout:       durationpb.New(5 * time.Second),
		EdsClusterConfig: &cluster.Cluster_EdsClusterConfig{
			ServiceName: service,
			EdsConfig: &core.ConfigSource{
				ResourceApiVersion:    core.ApiVersion_V3,
				ConfigSourceSpecifier: &core.ConfigSource_Ads{Ads: &core.AggregatedConfigSource{}},
			},
		},
	}
}

func assignment(service string, hosts []*endpoint.LbEndpoint) *endpoint.ClusterLoadAssignment {
	return &endpoint.ClusterLoadAssignment{
		ClusterName: service,
		Endpoints:   []*endpoint.LocalityLbEndpoints{{LbEndpoints: hosts}},
	}
}

func addresses(n int, port uint) []*endpoint.LbEndpoint {
	all := make([]*endpoint.LbEndpoint, n)
	for i := range all {
		all[i] = address(fmt.Sprintf("127.0.0.%d", i+1), port)
	}
	return all
}

func address(ip string, port uint) *endpoint.LbEndpoint {
	return &endpoint.LbEndpoint{HostIdentifier: &endpoint.LbEndpoint_Endpoint{Endpoint: &endpoint.Endpoint{
		Address: &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
			Address: ip, PortSpecifier: &core.SocketAddress_PortValue{PortValue: uint32(port)},
		}}},
	}}}
}

// marked gives every endpoint of the subset cluster an id of its own; the middle one may have the id
// that the benchmark's listener asks for.
func marked(mark bool) []*endpoint.LbEndpoint {
	all := make([]*endpoint.LbEndpoint, *members)
	for i := range all {
		id := fmt.Sprint(i)
		if mark && i == *members/2 {
			id = "wanted"
		}
		all[i] = address(fmt.Sprintf("127.1.%d.%d", i/250, i%250+1), *portA)
		all[i].Metadata = &core.Metadata{FilterMetadata: map[string]*structpb.Struct{
			"envoy.lb": {Fields: map[string]*structpb.Value{"id": structpb.NewStringValue(id)}},
		}}
	}
	return all
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
