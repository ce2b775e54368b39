package dev.weir.lab.bench;

import java.nio.file.Path;

/// The configurations of the peers that do not read Envoy's: the same course, as their users would
/// write it for speed.
final class OtherSetups {

  private OtherSetups() {}

  /// For HAProxy, which splices where it can.
  static String haproxy(Course course, Path folder) {
    var tls = course.kind() != Course.Kind.PLAIN ? " ssl crt " + both(folder) : "";
    var toTls = course.kind() == Course.Kind.TLS_BOTH ? " ssl verify none" : "";
    return """
    global
      nbthread %d
      maxconn 9700
      maxpipes 100
    defaults
      mode tcp
      timeout connect 5s
      timeout client 1h
      timeout server 1h
      option splice-auto
    listen l
      bind 127.0.0.1:%d%s
      server s 127.0.0.1:%d%s
    """
        .formatted(Field.WORKERS, course.listen(), tls, course.backend(), toTls);
  }

  private static Path both(Path folder) {
    return folder.resolve(Certificate.BOTH);
  }

  /// For nginx's stream module.
  static String nginx(Course course, Path folder) {
    var ssl = course.kind() == Course.Kind.PLAIN ? "" : " ssl";
    var certificate =
        course.kind() == Course.Kind.PLAIN
            ? ""
            : "ssl_certificate %s; ssl_certificate_key %s;"
                .formatted(folder.resolve(Certificate.CHAIN), folder.resolve(Certificate.KEY));
    var toTls = course.kind() == Course.Kind.TLS_BOTH ? "proxy_ssl on;" : "";
    return """
    load_module /usr/lib/nginx/modules/ngx_stream_module.so;
    worker_processes %d; daemon off; pid nginx.pid; error_log nginx.err;
    events { worker_connections 19000; }
    stream { server { listen 127.0.0.1:%d%s reuseport; proxy_pass 127.0.0.1:%d; \
    tcp_nodelay on; %s %s } }
    """
        .formatted(Field.WORKERS, course.listen(), ssl, course.backend(), certificate, toTls);
  }
}
