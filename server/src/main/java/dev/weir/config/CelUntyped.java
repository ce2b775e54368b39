package dev.weir.config;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.Optional;

/// Hides the types of an expression's parts from the compiler, by `dyn(…)` around what a function
/// is given: `1 == 'a'` is false with Envoy, whose expressions have no types before they are
/// evaluated, and no error. One expression each.
final class CelUntyped {
  /// Far from those of any expression that was parsed.
  private long nextId = 1L << 40;

  private final boolean numbered;

  private CelUntyped(boolean numbered) {
    this.numbered = numbered;
  }

  /// @param numbered whether its nodes have numbers of their own, which errors refer to
  static CelExpr of(CelExpr expression, boolean numbered) {
    return new CelUntyped(numbered).rewrite(expression);
  }

  private long id(CelExpr from) {
    return numbered ? from.id() : nextId++;
  }

  private CelExpr rewrite(CelExpr from) {
    return switch (from.exprKind().getKind()) {
      case CALL -> {
        var call = from.call();
        yield CelExpr.ofCall(
            id(from),
            call.target().map(this::hidden),
            call.function(),
            call.args().stream().map(this::hidden).collect(ImmutableList.toImmutableList()));
      }
      case SELECT -> {
        var select = from.select();
        yield CelExpr.ofSelect(
            id(from), rewrite(select.operand()), select.field(), select.testOnly());
      }
      case LIST -> {
        var list = from.list();
        yield CelExpr.ofList(
            id(from),
            list.elements().stream().map(this::rewrite).collect(ImmutableList.toImmutableList()),
            list.optionalIndices());
      }
      case MAP ->
          CelExpr.ofMap(
              id(from),
              from.map().entries().stream()
                  .map(entry -> entry(entry))
                  .collect(ImmutableList.toImmutableList()));
      case CONSTANT, IDENT, STRUCT, COMPREHENSION, NOT_SET ->
          from.toBuilder().setId(id(from)).build();
    };
  }

  private CelExpr.CelMap.Entry entry(CelExpr.CelMap.Entry from) {
    return from.toBuilder()
        .setId(numbered ? from.id() : nextId++)
        .setKey(rewrite(from.key()))
        .setValue(rewrite(from.value()))
        .build();
  }

  private CelExpr hidden(CelExpr from) {
    var kind = from.exprKind().getKind();
    return kind == Kind.CONSTANT || kind == Kind.CALL
        ? CelExpr.ofCall(nextId++, Optional.empty(), "dyn", ImmutableList.of(rewrite(from)))
        : rewrite(from);
  }
}
