package dev.weir.http;

import io.netty.util.AsciiString;

/// Names of headers, as headers are kept under.
public final class Names {
  public static final AsciiString ACCEPT_ENCODING = AsciiString.cached("accept-encoding");
  public static final AsciiString ALT_STAT_NAME =
      AsciiString.cached("x-envoy-upstream-alt-stat-name");
  public static final AsciiString ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");
  public static final AsciiString CANARY = AsciiString.cached("x-envoy-upstream-canary");
  public static final AsciiString CONNECTION = AsciiString.cached("connection");
  public static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  public static final AsciiString DATE = AsciiString.cached("date");
  public static final AsciiString EXPECT = AsciiString.cached("expect");
  public static final AsciiString EXPECTED_TIMEOUT =
      AsciiString.cached("x-envoy-expected-rq-timeout-ms");
  public static final AsciiString EXTERNAL_ADDRESS = AsciiString.cached("x-envoy-external-address");
  public static final AsciiString FORWARDED_CLIENT_CERT =
      AsciiString.cached("x-forwarded-client-cert");
  public static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  public static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
  public static final AsciiString FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
  public static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  public static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
  public static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
  public static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
  public static final AsciiString INTERNAL = AsciiString.cached("x-envoy-internal");
  public static final AsciiString IS_TIMEOUT_RETRY = AsciiString.cached("x-envoy-is-timeout-retry");
  public static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  public static final AsciiString LOCATION = AsciiString.cached("location");
  public static final AsciiString ORIGINAL_HOST = AsciiString.cached("x-envoy-original-host");
  public static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
  public static final AsciiString ORIGINAL_URL = AsciiString.cached("x-envoy-original-url");
  public static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  public static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
  public static final AsciiString REFERER = AsciiString.cached("referer");
  public static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  public static final AsciiString SERVER = AsciiString.cached("server");
  public static final AsciiString SERVICE_TIME =
      AsciiString.cached("x-envoy-upstream-service-time");
  public static final AsciiString TE = AsciiString.cached("te");
  public static final AsciiString TIMEOUT_ALT_RESPONSE =
      AsciiString.cached("x-envoy-upstream-rq-timeout-alt-response");
  public static final AsciiString TRAILERS = AsciiString.cached("trailers");
  public static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  public static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  public static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  public static final AsciiString VIA = AsciiString.cached("via");

  private Names() {}
}
