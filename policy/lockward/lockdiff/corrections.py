"""What pnpm itself corrects in packages that forget to name a peer, or that it is optional.

Source: the package @yarnpkg/extensions, 1.2 to 2.0.7, whose rows pnpm applies unless
``ignoreCompatibilityDb`` says otherwise; as names only: each version of pnpm has other
rows and ranges, so the entry of a package that is in it differs with who wrote it.
The rows with dependencies are in lockfiles/yarn_berry_extensions.py, those that pnpm
has of its own since 12 in OWN.
"""

from __future__ import annotations

from lockward.lockfiles.yarn_berry_extensions import ADDED_BY_YARN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final


def of(name: str) -> frozenset[str]:
    """The dependencies and peers that a version of pnpm adds to a package."""
    yarns = ADDED_BY_YARN.get(name, frozenset())
    return yarns | frozenset(f"{PEERS.get(name, '')} {OWN.get(name, '')}".split())


# package -> the dependencies that pnpm's second table adds (12.0.0-rc.7 and rc.8, read in the
# program; the other releases of 12 have only those of @angular and @nuxt).
OWN: Final[Mapping[str, str]] = {
    "@angular/build": "tslib",
    "@eslint/core": "json-schema",
    "@eslint/eslintrc": "eslint",
    "@jest/types": "istanbul-lib-coverage istanbul-reports yargs",
    "@nuxt/vite-builder": "unplugin",
    "@types/babel__core": "@babel/generator @babel/template @babel/traverse",
    "@types/react-dom": "react",
    "@types/yargs": "yargs-parser",
    "@typescript-eslint/types": "typescript",
    "es-abstract": "for-each",
}

# package -> the peers that pnpm adds
PEERS: Final[Mapping[str, str]] = {
    "@ant-design/react-slick": "react",
    "@apollographql/apollo-tools": "graphql",
    "@asyncapi/react-component": "react react-dom",
    "@docusaurus/responsive-loader": "jimp sharp",
    "@fastify/type-provider-typebox": "fastify",
    "@fullhuman/postcss-purgecss": "postcss",
    "@parcel/node-resolver-core": "@parcel/core",
    "@parcel/resolver-default": "@parcel/core",
    "@parcel/transformer-image": "@parcel/core",
    "@parcel/transformer-js": "@parcel/core",
    "@rebass/forms": "react",
    "@samverschueren/stream-to-observable": "rxjs zenObservable",
    "@tailwindcss/aspect-ratio": "tailwindcss",
    "@tailwindcss/line-clamp": "tailwindcss",
    "@volar/language-server": "typescript",
    "@volar/language-service": "typescript",
    "@volar/typescript": "typescript",
    "@vue/cli-plugin-typescript": "vue-template-compiler",
    "@vue/eslint-config-typescript": "typescript",
    "@vuetify/cli-plugin-utils": "sass-loader",
    "any-observable": "rxjs zenObservable",
    "apollo-upload-client": "graphql",
    "auto-relay": "reflect-metadata",
    "babel-plugin-graphql-tag": "graphql",
    "babel-plugin-transform-typescript-metadata": "@babel/core @babel/traverse",
    "clipanion-v3-codemod": "jscodeshift",
    "connect-mongo": "express-session",
    "consolidate": (
        "arc-templates atpl babel-core bracket-template coffee-script dot dust dustjs-helpers "
        "dustjs-linkedin eco ect ejs haml-coffee hamlet hamljs handlebars hogan.js htmling "
        "jade jazz jqtpl just liquid-node liquor lodash marko mote mustache nunjucks plates "
        "pug qejs ractive razor-tmpl react react-dom slm squirrelly swig swig-templates "
        "teacup templayed then-jade then-pug tinyliquid toffee twig twing underscore vash "
        "velocityjs walrus whiskers"
    ),
    "critters-webpack-plugin": "html-webpack-plugin",
    "debug": "supports-color",
    "eslint-config-react-app": "typescript",
    "eslint-module-utils": (
        "@typescript-eslint/parser eslint-import-resolver-node "
        "eslint-import-resolver-typescript eslint-import-resolver-webpack"
    ),
    "eslint-plugin-import": "@typescript-eslint/parser",
    "fdir": "picomatch",
    "fork-ts-checker-webpack-plugin": "eslint typescript vue-template-compiler webpack",
    "gatsby-plugin-favicon": "webpack",
    "gatsby-plugin-gatsby-cloud": "webpack",
    "gatsby-plugin-mdx": "gatsby",
    "gatsby-plugin-utils": "graphql",
    "git-node-fs": "js-git",
    "graphql-compose": "graphql",
    "http-link-dataloader": "graphql",
    "ink-select-input": "react",
    "jest-vue-preprocessor": "pug",
    "license-webpack-plugin": "webpack",
    "parcel": "@parcel/core",
    "postcss-syntax": "postcss-html postcss-jsx postcss-less postcss-markdown postcss-scss",
    "promise-inflight": "bluebird",
    "rc-animate": "react react-dom",
    "react-color": "react",
    "react-dev-utils": "typescript webpack",
    "react-draggable": "react react-dom",
    "react-github-btn": "react",
    "react-instantsearch-core": "algoliasearch",
    "react-live": "react react-dom",
    "react-portal": "react-dom",
    "react-rnd": "react react-dom",
    "react-scripts": "eslint react",
    "reactcss": "react",
    "rebass": "react",
    "redux-persist": "react",
    "redux-thunk": "redux",
    "rollup-plugin-polyfill-node": "rollup",
    "unplugin-vue2-script-setup": "@vue/composition-api @vue/runtime-dom",
    "vite-plugin-vue-devtools": "vue",
    "vite-plugin-vuetify": "vue",
    "volar-service-typescript": "typescript",
    "volar-service-typescript-twoslash-queries": "typescript",
    "vue-cli-plugin-vuetify": "sass-loader vue vuetify-loader",
    "vue-i18n": "vue",
    "vue-loader": "@vue/compiler-sfc vue webpack",
    "vue-router": "vue",
    "vue-template-babel-compiler": "vue-template-compiler",
    "webpack": "webpack-cli webpack-command",
    "webpack-dev-server": "webpack-cli",
    "webpack-plugin-vuetify": "vue",
    "ws": "bufferutil utf-8-validate",
    "xo": "webpack",
}
