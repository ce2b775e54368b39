package dev.weir.config.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What `envoy.filters.http.compressor` does.
///
/// @param chooseFirst whether its encoding goes before others that a client likes as much
public record CompressorConfig(
    Library library, Direction requests, Responses responses, boolean chooseFirst) {

  /// What is compressed of the bodies that go one way.
  ///
  /// @param minLength of those that say how long they are
  /// @param types content types without parameters; empty for all
  public record Direction(boolean enabled, long minLength, Set<String> types) {
    public Direction {
      types = Set.copyOf(types);
    }
  }

  /// What becomes of responses.
  ///
  /// @param ownCounters whether they count below `response.`
  /// @param weakenEtag whether a strong tag becomes a weak one; it is removed otherwise
  /// @param statusHeader whether `x-envoy-compression-status` says what was done
  public record Responses(
      Direction direction,
      boolean ownCounters,
      boolean disableOnEtag,
      boolean weakenEtag,
      boolean removeAcceptEncoding,
      Set<Integer> uncompressible,
      boolean statusHeader) {
    public Responses {
      uncompressible = Set.copyOf(uncompressible);
    }
  }

  /// Who compresses.
  ///
  /// @param name names the counters `compressor.<name>.<coding>.`
  public record Library(String name, Coding coding) {}

  /// How bodies are compressed. Chunk sizes are in bytes, of each buffer that output is gathered
  /// in.
  public sealed interface Coding {

    /// What `content-encoding` says.
    String encoding();

    /// As counters call it.
    String statName();

    int chunkSize();

    /// RFC 1952.
    ///
    /// @param level 1 to 9
    /// @param strategy a constant of [java.util.zip.Deflater]
    record Gzip(int level, int strategy, int chunkSize) implements Coding {
      @Override
      public String encoding() {
        return "gzip";
      }

      @Override
      public String statName() {
        return "gzip";
      }
    }

    /// RFC 7932.
    ///
    /// @param quality 0 to 11
    /// @param mode what to expect of the input
    /// @param windowBits 10 to 24
    record Brotli(int quality, Mode mode, int windowBits, int chunkSize) implements Coding {

      /// What the input may be.
      public enum Mode {
        GENERIC,
        TEXT,
        FONT
      }

      @Override
      public String encoding() {
        return "br";
      }

      @Override
      public String statName() {
        return "brotli";
      }
    }

    /// RFC 8878.
    ///
    /// @param strategy by its number; 0 for the level's own
    /// @param dictionary in hexadecimal; null for none
    record Zstd(
        int level, boolean checksum, int strategy, @Nullable String dictionary, int chunkSize)
        implements Coding {
      @Override
      public String encoding() {
        return "zstd";
      }

      @Override
      public String statName() {
        return "zstd";
      }
    }
  }
}
