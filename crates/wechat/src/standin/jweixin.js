// The stand-in of WeChat's page script (jweixin-1.6.0.js), for tests. It does to a page what WeChat does, as far as Woodlark
// uses it: it reckons the signature anew before anything else works, calls back later and never at once, and is as uneven
// between iOS and Android as the real one. Written anew; nothing of WeChat's own script is in it.
//
// A test steers it before or after it was loaded:
//   window.__wx_rule     'ios' or 'android', instead of what the stand-in was told
//   window.__wx_answers  what calls come to, by name: { chooseImage: { cancel: true }, getLocation: { fail: 'auth deny' },
//                        scanQRCode: { resultStr: '…' }, config: { readyAfterError: true },
//                        subscribe: { status: 'reject' } or { fail: '…', errCode: 20004 }, openTags: { fail: '…' } }
//   window.__wx_calls    what was called, in order: { api, args }
//   window.__wx_voice_end()  sixty seconds of recording are over
(function () {
  'use strict';
  var seed = window.__wx_seed;
  var calls = (window.__wx_calls = window.__wx_calls || []);
  window.__wx_answers = window.__wx_answers || {};
  var ios = (window.__wx_rule || seed.rule) === 'ios';
  if (ios && window.__wxjs_is_wkwebview === undefined) window.__wxjs_is_wkwebview = true;

  // The page was entered by this address, whatever it made of it since.
  var entry = (function () {
    var entries = window.performance && performance.getEntriesByType ? performance.getEntriesByType('navigation') : [];
    return (entries[0] && entries[0].name) || location.href;
  })();

  function bare(url) { return url.split('#')[0]; }
  function later(f) { setTimeout(f, 0); }
  function record(api, args) {
    // Functions are left out, and so is what a page changes afterwards.
    calls.push({ api: api, args: args === undefined ? null : JSON.parse(JSON.stringify(args)) });
  }
  function answer(api) { return window.__wx_answers[api] || {}; }
  function with_(into, from) {
    for (var key in from) if (Object.prototype.hasOwnProperty.call(from, key)) into[key] = from[key];
    return into;
  }

  function sha1(text) {
    var bytes = unescape(encodeURIComponent(text)), length = bytes.length;
    var words = [], i, t;
    for (i = 0; i < length; i++) words[i >> 2] |= bytes.charCodeAt(i) << (24 - (i % 4) * 8);
    words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
    var total = ((length + 8 >> 6) + 1) * 16;
    words[total - 1] = length * 8;
    var turn = function (n, by) { return (n << by) | (n >>> (32 - by)); };
    var h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    for (var block = 0; block < total; block += 16) {
      var w = [], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
      for (t = 0; t < 80; t++) {
        w[t] = t < 16 ? words[block + t] | 0 : turn(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        var f = t < 20 ? ((b & c) | (~b & d)) + 0x5a827999
          : t < 40 ? (b ^ c ^ d) + 0x6ed9eba1
            : t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
              : (b ^ c ^ d) + 0xca62c1d6;
        var next = (turn(a, 5) + f + e + w[t]) | 0;
        e = d; d = c; c = turn(b, 30); b = a; a = next;
      }
      h = [(h[0] + a) | 0, (h[1] + b) | 0, (h[2] + c) | 0, (h[3] + d) | 0, (h[4] + e) | 0];
    }
    return h.map(function (n) { return ('0000000' + (n >>> 0).toString(16)).slice(-8); }).join('');
  }

  // Configuration: nothing works before it, nothing that was not listed in it.
  var state = 'none', listed = [], tags = [], onready = [], onerror = null, failure = null;

  function wrong(config) {
    if (config.appId !== seed.appId) return 'config:invalid appid';
    var url = bare(ios ? entry : location.href);
    var right = seed.tickets.some(function (ticket) {
      return config.signature === sha1('jsapi_ticket=' + ticket + '&noncestr=' + config.nonceStr +
        '&timestamp=' + config.timestamp + '&url=' + url);
    });
    return right ? null : 'config:invalid signature';
  }
  function ready() { onready.splice(0).forEach(function (f) { f(); }); }

  var wx = {
    config: function (config) {
      record('config', config);
      state = 'asked';
      later(function () {
        var why = answer('config').fail || wrong(config);
        if (why) {
          state = 'failed';
          failure = { errMsg: why };
          if (onerror) onerror(failure);
          if (answer('config').readyAfterError) ready();
          return;
        }
        state = 'ok';
        listed = config.jsApiList || [];
        tags = config.openTagList || [];
        ready();
        openTags();
      });
    },
    ready: function (f) { if (state === 'ok') later(f); else onready.push(f); },
    error: function (f) { onerror = f; if (state === 'failed') later(function () { f(failure); }); }
  };

  function finish(api, options, kind, more) {
    var result = with_({ errMsg: api + ':' + kind }, more || {});
    var callback = kind === 'ok' ? options.success : kind === 'cancel' ? options.cancel : options.fail;
    if (callback) callback(result);
    if (options.complete) options.complete(result);
  }
  // `does` gives what the call comes to, or a text: why it fails.
  function define(api, does) {
    wx[api] = function (options) {
      options = options || {};
      record(api, options);
      later(function () {
        if (state !== 'ok' || (api !== 'checkJsApi' && listed.indexOf(api) < 0)) {
          return finish(api, options, 'permission denied');
        }
        var told = answer(api);
        if (told.cancel) return finish(api, options, 'cancel');
        if (told.fail) return finish(api, options, told.fail === true ? 'fail' : 'fail ' + told.fail);
        var result = does ? does(options) : {};
        if (typeof result === 'string') return finish(api, options, result);
        finish(api, options, 'ok', with_(result, told));
      });
    };
  }

  // Photos. A localId is good in this page alone.
  var local = 0, photos = {}, voices = {}, recording = false, onvoiceend = null;
  function localId(kind) { return (ios ? 'wxLocalResource://' : 'weixin://resourceid/') + kind + (++local); }
  define('chooseImage', function (options) {
    var ids = [], many = Math.min(options.count || 9, answer('chooseImage').many || 1);
    while (ids.length < many) { var id = localId('image'); photos[id] = true; ids.push(id); }
    return { localIds: ids, sourceType: (options.sourceType || ['album'])[0] };
  });
  define('getLocalImgData', function (options) {
    if (!photos[options.localId]) return 'fail';
    // So it is: iOS writes jgp, Android writes nothing before it.
    return { localData: (ios ? 'data:image/jgp;base64,' : '') + seed.photo };
  });
  define('uploadImage', function (options) {
    return photos[options.localId] && seed.images.length ? { serverId: seed.images.shift() } : 'fail';
  });

  // Recordings.
  define('startRecord', function () {
    if (recording) return 'fail';
    recording = true;
    return {};
  });
  function recorded() {
    recording = false;
    var id = localId('voice');
    voices[id] = true;
    return { localId: id };
  }
  define('stopRecord', function () { return recording ? recorded() : 'fail'; });
  wx.onVoiceRecordEnd = function (options) { record('onVoiceRecordEnd', options); onvoiceend = options; };
  window.__wx_voice_end = function () {
    if (recording && onvoiceend) finish('onVoiceRecordEnd', onvoiceend, 'ok', recorded());
  };
  define('uploadVoice', function (options) {
    return voices[options.localId] && seed.voices.length ? { serverId: seed.voices.shift() } : 'fail';
  });
  define('translateVoice', function (options) {
    return voices[options.localId] ? { translateResult: '路灯不亮了。' } : 'fail';
  });

  define('getLocation', function (options) {
    var at = options.type === 'gcj02' ? seed.gcj02 : seed.wgs84;
    return { longitude: at[0], latitude: at[1], speed: -1, accuracy: 30 };
  });
  define('scanQRCode', function () { return { resultStr: 'https://woodlark.example/' }; });
  define('checkJsApi', function (options) {
    var found = {};
    (options.jsApiList || []).forEach(function (api) {
      found[api] = typeof wx[api] === 'function' || api === 'requestMerchantTransfer';
    });
    return { checkResult: with_(found, answer('checkJsApi').checkResult || {}) };
  });
  ['updateAppMessageShareData', 'updateTimelineShareData', 'hideMenuItems', 'showMenuItems', 'hideOptionMenu',
    'showOptionMenu', 'hideAllNonBaseMenuItem', 'showAllNonBaseMenuItem', 'closeWindow', 'previewImage', 'openLocation',
    'playVoice', 'pauseVoice', 'stopVoice'].forEach(function (api) { define(api); });
  define('getNetworkType', function () { return { networkType: 'wifi' }; });

  // <wx-open-subscribe template="…">: asks for consent to messages. WeChat draws its slot in a shadow of its own, and only where
  // the configuration held and listed the tag; who was not configured sees nothing at all. One template, or several with commas.
  var SUBSCRIBE = 'wx-open-subscribe', standing = [];
  function openTags() {
    var why = answer('openTags').fail;
    if (tags.length && why) {
      tags = [];
      document.dispatchEvent(new CustomEvent('WeixinOpenTagsError', { detail: { errMsg: why } }));
    }
    standing.forEach(function (tag) { tag.draw(); });
  }
  function consents(tag) {
    var ids = (tag.getAttribute('template') || '').split(',').filter(function (id) { return id; });
    record('openSubscribe', { template: ids });
    later(function () {
      var told = answer('subscribe');
      var unknown = ids.some(function (id) { return seed.templates.indexOf(id) < 0; });
      var code = told.fail ? told.errCode || 10002 : !ids.length ? 10001 : ids.length > 3 ? 20003 : unknown ? 20001 : 0;
      if (code) {
        var why = 'subscribe:fail ' + (told.fail || 'template');
        return tag.dispatchEvent(new CustomEvent('error', { detail: { errMsg: why, errCode: code } }));
      }
      // So it is: a text of JSON whose values are texts of JSON.
      var details = {};
      ids.forEach(function (id) { details[id] = JSON.stringify({ status: told[id] || told.status || 'accept' }); });
      var detail = { errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify(details) };
      tag.dispatchEvent(new CustomEvent('success', { detail: detail }));
    });
  }
  if (window.customElements && !customElements.get(SUBSCRIBE)) {
    customElements.define(SUBSCRIBE, class extends HTMLElement {
      connectedCallback() {
        var tag = this;
        standing.push(tag);
        later(function () { tag.draw(); });
      }
      disconnectedCallback() { standing.splice(standing.indexOf(this), 1); }
      draw() {
        var tag = this, slot = tag.querySelector('script[type="text/wxtag-template"]:not([slot]), template:not([slot])');
        if (!tag.shadow) {
          // Open, so that a test can look into it; WeChat's own is closed.
          tag.shadow = tag.attachShadow({ mode: 'open' });
          tag.shadow.addEventListener('click', function () { if (tag.drawn) consents(tag); });
        }
        tag.drawn = state === 'ok' && tags.indexOf(SUBSCRIBE) >= 0;
        tag.shadow.innerHTML = !tag.drawn ? '' : slot ? slot.innerHTML || slot.textContent : '<slot></slot>';
      }
    });
  }

  // The shell of a mini-program needs no configuration.
  wx.miniProgram = {
    getEnv: function (f) {
      later(function () { f({ miniprogram: window.__wxjs_environment === 'miniprogram' }); });
    }
  };
  ['navigateTo', 'navigateBack', 'switchTab', 'reLaunch', 'redirectTo', 'postMessage'].forEach(function (api) {
    wx.miniProgram[api] = function (options) {
      record('miniProgram.' + api, options);
      if (options && options.success) later(function () { options.success({ errMsg: api + ':ok' }); });
    };
  });

  // The bridge beneath. A test may have put one of its own there.
  if (!window.__wxWebEnv) {
    window.__wxWebEnv = {
      getEnv: function () { return JSON.stringify({ fontScale: answer('getEnv').fontScale || 100, fontLevel: 2 }); }
    };
  }
  if (!window.WeixinJSBridge) {
    var heard = {};
    window.WeixinJSBridge = {
      invoke: function (api, args, f) {
        record('bridge.' + api, args);
        later(function () {
          var told = answer(api), kind = told.cancel ? 'cancel' : told.fail ? 'fail' : 'ok';
          if (api === 'requestMerchantTransfer' && !(args && args.mchId && args.appId && args.package)) kind = 'fail';
          if (f) f({ err_msg: api + ':' + kind });
        });
      },
      call: function (api) { record('bridge.' + api); },
      on: function (event, f) { (heard[event] = heard[event] || []).push(f); },
      // Of the stand-in alone: lets an event happen.
      __fire: function (event, args) { (heard[event] || []).forEach(function (f) { f(args); }); }
    };
    later(function () { document.dispatchEvent(new Event('WeixinJSBridgeReady')); });
  }

  window.wx = window.jWeixin = wx;
})();
