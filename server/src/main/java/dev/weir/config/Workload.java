package dev.weir.config;

/// Who a workload is, as Istio's metrics name it. What is not known is empty.
///
/// @param name of what owns its pods, such as the Deployment
/// @param cluster the Kubernetes cluster that it runs in
/// @param istioVersion of its proxy
public record Workload(
    String name, String namespace, String cluster, Service service, String istioVersion) {
  /// What Istio's metrics say of what they do not know.
  public static final String UNKNOWN = "unknown";

  /// Nothing is known.
  public static final Workload NONE = new Workload("", "", "", new Service("", "", "", ""), "");

  /// Which service it is a part of.
  ///
  /// @param name its canonical name
  /// @param revision its canonical revision
  public record Service(String name, String revision, String app, String version) {}

  /// Reads what istiod writes into an endpoint's metadata:
  /// `name;namespace;service;revision;cluster`.
  public static Workload parse(String encoded) {
    var parts = encoded.split(";", -1);
    return parts.length < 5
        ? NONE
        : new Workload(parts[0], parts[1], parts[4], new Service(parts[2], parts[3], "", ""), "");
  }
}
