package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.expr.Expr;
import dev.cel.expr.ParsedExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.weir.xds.InvalidResourceException;
import java.util.Set;
import java.util.stream.Stream;

/// Compiles expressions, with what Envoy's builder of expressions has switched on.
///
/// Names are not checked: one that nobody knows has no value when the expression is evaluated, as
/// with Envoy. Functions are.
public final class CelDecoder {
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .enableStringConversion(false)
          .enableStringConcatenation(false)
          .enableListConcatenation(false)
          .enableComprehension(false)
          .build();

  private static final CelParser PARSER =
      CelParserFactory.standardCelParserBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

  /// Names of types, which are values too.
  private static final Set<String> TYPES =
      Set.of(
          "bool",
          "int",
          "uint",
          "double",
          "string",
          "bytes",
          "list",
          "map",
          "null_type",
          "type",
          "google");

  private CelDecoder() {}

  /// Compiles an expression that is given as text.
  ///
  /// @throws InvalidResourceException if it is none, or asks for a function that does not exist
  public static CelExpression text(String text, Field at) throws InvalidResourceException {
    CelAbstractSyntaxTree tree;
    try {
      tree = PARSER.parse(text).getAst();
    } catch (CelValidationException e) {
      throw at.invalid("Not able to parse expression: " + oneLine(e));
    }
    return compile(text, tree, true, at);
  }

  /// Compiles an expression that was parsed elsewhere.
  ///
  /// @param wire a `cel.expr.Expr`, or a `google.api.expr.v1alpha1.Expr`, which is the same
  /// @throws InvalidResourceException if it is none, or asks for a function that does not exist
  public static CelExpression parsed(com.google.protobuf.Message wire, Field at)
      throws InvalidResourceException {
    CelAbstractSyntaxTree tree;
    try {
      var expression = Expr.parseFrom(wire.toByteString());
      tree =
          CelProtoAbstractSyntaxTree.fromParsedExpr(
                  ParsedExpr.newBuilder().setExpr(expression).build())
              .getAst();
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw at.invalid("failed to create an expression: " + oneLine(e));
    }
    checkFeatures(tree, at);
    String text;
    try {
      text = CelUnparserFactory.newUnparser().unparse(tree);
    } catch (RuntimeException e) { // a tree that no text could have been parsed to
      throw at.invalid("failed to create an expression: " + oneLine(e));
    }
    return compile(text, tree, false, at);
  }

  private static CelExpression compile(
      String text, CelAbstractSyntaxTree tree, boolean numbered, Field at)
      throws InvalidResourceException {
    checkFeatures(tree, at);
    try {
      var compiler =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(OPTIONS)
              .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
      nodes(tree, Kind.IDENT)
          .map(node -> node.expr().ident().name())
          .distinct()
          .filter(name -> !TYPES.contains(name))
          .forEach(name -> compiler.addVar(name, SimpleType.DYN));
      var untyped =
          CelAbstractSyntaxTree.newParsedAst(
              CelUntyped.of(tree.getExpr(), numbered), tree.getSource());
      var checked = compiler.build().check(untyped).getAst();
      return new CelExpression(text, RUNTIME.createProgram(checked));
    } catch (CelValidationException | CelEvaluationException | RuntimeException e) {
      throw at.invalid("failed to create an expression: " + oneLine(e));
    }
  }

  private static void checkFeatures(CelAbstractSyntaxTree tree, Field at)
      throws InvalidResourceException {
    at.require(
        nodes(tree, Kind.COMPREHENSION).findAny().isEmpty(),
        "failed to create an expression: Comprehension support is disabled");
    at.require(
        nodes(tree, Kind.CALL).noneMatch(node -> node.expr().call().function().equals("string")),
        "failed to create an expression: No overload found in reference resolve step for string");
  }

  private static Stream<CelNavigableExpr> nodes(CelAbstractSyntaxTree tree, Kind kind) {
    return CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .filter(node -> node.expr().exprKind().getKind() == kind);
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", " ");
  }
}
