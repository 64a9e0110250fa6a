"""What Yarn itself adds to packages that forget to name a dependency (its packageExtensions).

Source: the package @yarnpkg/extensions 2.0.7, its rows with ``dependencies``, as names
only: each version of Yarn has other rows and ranges.  An entry that one of these
explains is not called unused.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

# package -> the names that Yarn adds
ADDED_BY_YARN: Final[Mapping[str, frozenset[str]]] = {
    "@babel/parser": frozenset({"@babel/types"}),
    "@cypress/snapshot": frozenset({"debug"}),
    "@google-cloud/firestore": frozenset({"protobufjs"}),
    "@npmcli/metavuln-calculator": frozenset({"json-parse-even-better-errors"}),
    "@playwright/test": frozenset({"jest-matcher-utils"}),
    "@pm2/agent": frozenset({"debug"}),
    "@rebass/forms": frozenset({"@styled-system/should-forward-prop"}),
    "@vue/cli-plugin-typescript": frozenset({"@babel/core", "babel-loader"}),
    "@vuetify/cli-plugin-utils": frozenset({"semver"}),
    "@webpack-cli/package-utils": frozenset({"cross-spawn"}),
    "babel-plugin-remove-graphql-queries": frozenset(
        {"@babel/runtime", "@babel/types", "gatsby-core-utils"}
    ),
    "babel-preset-gatsby-package": frozenset({"@babel/runtime"}),
    "babel-preset-react-app": frozenset({"@babel/plugin-proposal-private-property-in-object"}),
    "bin-links": frozenset({"mkdirp-infer-owner"}),
    "cacheable-lookup": frozenset({"@types/keyv"}),
    "cordova-ios": frozenset({"underscore"}),
    "cordova-lib": frozenset({"underscore"}),
    "create-gatsby": frozenset({"@babel/runtime"}),
    "elm-webpack-loader": frozenset({"temp"}),
    "eslint-import-resolver-vite": frozenset({"debug", "resolve"}),
    "focus-trap-react": frozenset({"tabbable"}),
    "gatsby-admin": frozenset({"@babel/runtime"}),
    "gatsby-cli": frozenset({"@babel/runtime"}),
    "gatsby-core-utils": frozenset({"@babel/runtime", "got"}),
    "gatsby-design-tokens": frozenset({"@babel/runtime"}),
    "gatsby-legacy-polyfills": frozenset({"@babel/runtime"}),
    "gatsby-plugin-benchmark-reporting": frozenset({"@babel/runtime"}),
    "gatsby-plugin-gatsby-cloud": frozenset({"gatsby-core-utils"}),
    "gatsby-plugin-graphql-config": frozenset({"@babel/runtime"}),
    "gatsby-plugin-i18n": frozenset({"ramda"}),
    "gatsby-plugin-image": frozenset({"@babel/runtime"}),
    "gatsby-plugin-mdx": frozenset({"@babel/runtime", "mkdirp"}),
    "gatsby-plugin-netlify": frozenset({"gatsby-core-utils"}),
    "gatsby-plugin-netlify-cms": frozenset({"@babel/runtime"}),
    "gatsby-plugin-no-sourcemaps": frozenset({"@babel/runtime"}),
    "gatsby-plugin-page-creator": frozenset({"@babel/runtime", "fs-extra"}),
    "gatsby-plugin-preact": frozenset({"@babel/runtime"}),
    "gatsby-plugin-preload-fonts": frozenset({"@babel/runtime"}),
    "gatsby-plugin-schema-snapshot": frozenset({"@babel/runtime"}),
    "gatsby-plugin-sharp": frozenset({"debug"}),
    "gatsby-plugin-styletron": frozenset({"@babel/runtime"}),
    "gatsby-plugin-subfont": frozenset({"@babel/runtime"}),
    "gatsby-plugin-utils": frozenset({"@babel/runtime", "fastq"}),
    "gatsby-react-router-scroll": frozenset({"prop-types"}),
    "gatsby-recipes": frozenset({"@babel/runtime"}),
    "gatsby-remark-prismjs": frozenset({"lodash"}),
    "gatsby-source-apiserver": frozenset({"babel-polyfill"}),
    "gatsby-source-shopify": frozenset({"@babel/runtime"}),
    "gatsby-source-wikipedia": frozenset({"@babel/runtime"}),
    "gatsby-transformer-screenshot": frozenset({"@babel/runtime"}),
    "gatsby-worker": frozenset({"@babel/runtime"}),
    "got": frozenset({"@types/keyv", "@types/responselike"}),
    "jest-vue-preprocessor": frozenset({"@babel/core", "@babel/template"}),
    "jss-plugin-rule-value-function": frozenset({"tiny-warning"}),
    "material-table": frozenset({"@babel/runtime"}),
    "mqtt": frozenset({"duplexify"}),
    "notistack": frozenset({"csstype"}),
    "query-ast": frozenset({"lodash"}),
    "react-bootstrap-table2-paginator": frozenset({"classnames"}),
    "react-instantsearch-dom": frozenset({"react-fast-compare"}),
    "scss-parser": frozenset({"lodash"}),
    "skypack": frozenset({"tar"}),
    "snowpack": frozenset({"magic-string", "node-gyp"}),
    "sodium": frozenset({"node-gyp"}),
    "terser": frozenset({"acorn"}),
    "testcafe": frozenset({"@babel/plugin-transform-for-of", "@babel/runtime"}),
    "testcafe-legacy-api": frozenset({"read-file-relative", "testcafe-hammerhead"}),
    "typescript-language-server": frozenset({"vscode-jsonrpc", "vscode-languageserver-protocol"}),
    "unified": frozenset({"@types/unist"}),
    "useragent": frozenset({"request", "semver", "yamlparser"}),
    "vue-cli-plugin-vuetify": frozenset({"null-loader", "semver"}),
    "winston-transport": frozenset({"logform"}),
}
