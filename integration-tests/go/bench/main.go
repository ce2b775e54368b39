// The control plane of the configuration benchmarks: many clusters over delta ADS, changed on
// command.
//
// On standard input, one command a line: "all" (every cluster goes over to server B), "one" (the middle
// cluster goes over to the other server), "endpoint" and "restore" (one endpoint of the middle cluster
// lies on the other server, and no more), "mark" and "unmark" (the metadata of one endpoint among all
// of a subset cluster). Each is answered by a line once the change is handed out.
package main

import (
	"bufio"
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
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	clusterType  = "type.googleapis.com/envoy.config.cluster.v3.Cluster"
	endpointType = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
)

var (
	count   = flag.Int("clusters", 0, "how many clusters")
	hosts   = flag.Int("hosts", 4, "endpoints of each")
	members = flag.Int("subset", 0, "endpoints of the subset cluster; 0 for no such cluster")
	portA   = flag.Uint("a", 0, "port of server A")
	portB   = flag.Uint("b", 0, "port of server B")
)

// world is what is served at present.
type world struct {
	plane *plane
	age   []int // how often each cluster has changed
}

func main() {
	flag.Parse()
	w := &world{newPlane(), make([]int, *count)}
	w.fill()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	grpcServer := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(grpcServer, w.plane)
	go func() { log.Fatal(grpcServer.Serve(listener)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		w.obey(in.Text())
		fmt.Println("done")
	}
}

func (w *world) fill() {
	var clusters, endpoints []*discovery.Resource
	for i := range w.age {
		clusters = append(clusters, edsCluster(name(i), service(i, 0)))
		endpoints = append(endpoints, w.assigned(i, 0), w.assigned(i, 1))
	}
	if *members > 0 {
		clusters = append(clusters, ready("s", subsetCluster()))
		endpoints = append(endpoints, assignment("s", marked(false)))
	}
	w.plane.push(endpointType, endpoints)
	w.plane.push(clusterType, clusters)
}

func (w *world) obey(command string) {
	middle := len(w.age) / 2
	switch command {
	case "all":
		changed := make([]*discovery.Resource, len(w.age))
		for i := range w.age {
			changed[i] = w.renew(i)
		}
		w.plane.push(clusterType, changed)
	case "one":
		w.plane.push(endpointType, []*discovery.Resource{w.assigned(middle, w.age[middle]+1)})
		w.plane.push(clusterType, []*discovery.Resource{w.renew(middle)})
	case "endpoint":
		changed := addresses(*hosts, server(w.age[middle]))
		changed[0] = address("127.0.0.9", server(w.age[middle]+1))
		w.plane.push(endpointType, []*discovery.Resource{assignment(service(middle, w.age[middle]), changed)})
	case "restore":
		w.plane.push(endpointType, []*discovery.Resource{w.assigned(middle, w.age[middle])})
	case "mark", "unmark":
		w.plane.push(endpointType, []*discovery.Resource{assignment("s", marked(command == "mark"))})
	default:
		log.Fatalf("no such command: %q", command)
	}
}

// renew has a cluster take its endpoints from another assignment, one that was never asked for before:
// what a server owes a client that comes back to a name is another question.
func (w *world) renew(i int) *discovery.Resource {
	w.age[i]++
	return edsCluster(name(i), service(i, w.age[i]))
}

// assigned is the assignment of a cluster of some age: all of its endpoints lie on the one server or
// the other.
func (w *world) assigned(i, age int) *discovery.Resource {
	return assignment(service(i, age), addresses(*hosts, server(age)))
}

func server(age int) uint {
	return []uint{*portA, *portB}[age%2]
}

func name(i int) string         { return fmt.Sprintf("c%05d", i) }
func service(i, age int) string { return fmt.Sprintf("%s/%d", name(i), age) }

func edsCluster(name, service string) *discovery.Resource {
	return ready(name, clusterOf(name, service))
}

func subsetCluster() *cluster.Cluster {
	subset := clusterOf("s", "s")
	subset.LbSubsetConfig = &cluster.Cluster_LbSubsetConfig{
		SubsetSelectors: []*cluster.Cluster_LbSubsetConfig_LbSubsetSelector{{Keys: []string{"id"}}},
	}
	return subset
}

func clusterOf(name, service string) *cluster.Cluster {
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

func assignment(service string, hosts []*endpoint.LbEndpoint) *discovery.Resource {
	return ready(service, &endpoint.ClusterLoadAssignment{
		ClusterName: service,
		Endpoints:   []*endpoint.LocalityLbEndpoints{{LbEndpoints: hosts}},
	})
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
