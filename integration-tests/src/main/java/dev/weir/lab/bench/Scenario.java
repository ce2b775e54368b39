package dev.weir.lab.bench;

import java.io.IOException;
import java.util.List;

/// One piece of work that is measured through each contender in turn.
interface Scenario {

  /// What the reports call it, and by what it is chosen on the command line.
  String title();

  /// What it measures, in the order of the table.
  List<Metric> metrics();

  /// Whether a contender can do this.
  boolean fits(Contender contender);

  /// Does the work once through one contender.
  ///
  /// @return a value for each metric; NaN for one that this contender has not
  /// @throws IOException if it could not be done
  double[] measure(Contender contender, Field field) throws IOException;
}
