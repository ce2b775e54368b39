package main

import (
	"fmt"
	"log"
	"strconv"
	"sync"

	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// plane serves resources by delta ADS. A request costs it what the request names, and a change what
// has changed: a cache that looks at all names for each request would be measured in the proxy's
// place, as proxies come and go with thousands of names one by one.
type plane struct {
	discovery.UnimplementedAggregatedDiscoveryServiceServer

	mutex     sync.Mutex
	version   int
	resources map[string]map[string]*discovery.Resource // by type and name
	streams   map[*stream]bool
}

// stream is one client. The mutex of the plane guards it.
type stream struct {
	discovery.AggregatedDiscoveryService_DeltaAggregatedResourcesServer

	wanted map[string]map[string]bool // by type; "*" for all of it
	nonce  int
}

func newPlane() *plane {
	return &plane{resources: map[string]map[string]*discovery.Resource{}, streams: map[*stream]bool{}}
}

// ready encodes a resource, so that nothing is left to do when it is pushed.
func ready(name string, message proto.Message) *discovery.Resource {
	body, err := anypb.New(message)
	must(err)
	return &discovery.Resource{Name: name, Resource: body}
}

// push has resources take the place of those with their names, and tells whoever wants them.
func (p *plane) push(typeURL string, changed []*discovery.Resource) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.version++
	held := p.resources[typeURL]
	if held == nil {
		held = map[string]*discovery.Resource{}
		p.resources[typeURL] = held
	}
	for _, resource := range changed {
		resource.Version = strconv.Itoa(p.version)
		held[resource.Name] = resource
	}
	for s := range p.streams {
		wanted := s.wanted[typeURL]
		var news []*discovery.Resource
		for _, resource := range changed {
			if wanted["*"] || wanted[resource.Name] {
				news = append(news, resource)
			}
		}
		if len(news) > 0 {
			p.send(s, typeURL, news)
		}
	}
}

func (p *plane) send(s *stream, typeURL string, resources []*discovery.Resource) {
	s.nonce++
	must(s.Send(&discovery.DeltaDiscoveryResponse{
		SystemVersionInfo: strconv.Itoa(p.version),
		TypeUrl:           typeURL,
		Nonce:             fmt.Sprint(s.nonce),
		Resources:         resources,
	}))
}

// DeltaAggregatedResources has a conversation until the client ends it.
func (p *plane) DeltaAggregatedResources(wire discovery.AggregatedDiscoveryService_DeltaAggregatedResourcesServer) error {
	s := &stream{wire, map[string]map[string]bool{}, 0}
	p.mutex.Lock()
	p.streams[s] = true
	p.mutex.Unlock()
	defer func() {
		p.mutex.Lock()
		delete(p.streams, s)
		p.mutex.Unlock()
	}()
	for {
		request, err := wire.Recv()
		if err != nil {
			return nil
		}
		p.heed(s, request)
	}
}

func (p *plane) heed(s *stream, request *discovery.DeltaDiscoveryRequest) {
	if request.ErrorDetail != nil {
		log.Printf("refused: %v", request.ErrorDetail)
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	typeURL, names := request.TypeUrl, request.ResourceNamesSubscribe
	wanted := s.wanted[typeURL]
	if wanted == nil {
		wanted = map[string]bool{}
		s.wanted[typeURL] = wanted
		if len(names) == 0 {
			names = []string{"*"}
		}
	}
	for _, name := range request.ResourceNamesUnsubscribe {
		delete(wanted, name)
	}
	var news []*discovery.Resource
	everything := false
	for _, name := range names {
		wanted[name] = true
		if name == "*" {
			everything = true // is answered also where there is nothing
			for _, resource := range p.resources[typeURL] {
				news = append(news, resource)
			}
		} else if resource := p.resources[typeURL][name]; resource != nil {
			news = append(news, resource)
		}
	}
	if everything || len(news) > 0 {
		p.send(s, typeURL, news)
	}
}
