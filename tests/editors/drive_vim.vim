" One session as a person has it, in Vim with vimspector; what was seen goes to $DRIVE_RESULT.
set nocompatible nomore shortmess+=I noswapfile
filetype plugin indent on
let g:vimspector_batch_mode = 1 " its questions read typed-ahead keys
let &runtimepath .= ',' . $DRIVE_PLUGIN
let s:report = {}

function! s:Wait(what, Found) abort
  for _ in range(2000)
    if a:Found()
      return
    endif
    sleep 10m
  endfor
  throw 'waited for ' . a:what
endfunction

function! s:Frame() abort
  let l:frame = py3eval('_vimspector_session._stackTraceView.GetCurrentFrame() if _vimspector_session and _vimspector_session._stackTraceView else None')
  return type(l:frame) == v:t_dict ? l:frame : {}
endfunction

" Frame ids are new at each stop.
function! s:NextFrame(last) abort
  call s:Wait('a stop', {-> has_key(s:Frame(), 'id') && s:Frame().id != a:last})
  return s:Frame()
endfunction

function! s:Text(window) abort
  return getbufline(winbufnr(g:vimspector_session_windows[a:window]), 1, '$')
endfunction

" The variables window shows ` - name (type): value`, changed ones with a star.
function! s:Shown(name) abort
  for l:line in s:Text('variables')
    let l:found = matchlist(l:line, '^\s*\*\?-\? *\*\?' . a:name . '\%( ([^)]*)\)\?: \(.*\)$')
    if !empty(l:found)
      return l:found[1]
    endif
  endfor
  return ''
endfunction

" The watch shows the expression and, on a line of its own, the result.
function! s:Result() abort
  return matchstr(join(s:Text('watches'), "\n"), 'Result[^:]*: \zs\d\+')
endfunction

function! s:Drive() abort
  let l:line = str2nr($DRIVE_LINE)
  execute 'edit' fnameescape($DRIVE_FILE)
  call cursor(l:line, 1)
  call vimspector#ToggleBreakpoint()
  call feedkeys("hush-4711\<CR>", 't')
  call vimspector#Launch()
  let l:frame = s:NextFrame(-1)
  let s:report.file = l:frame.source.path
  let s:report.line = l:frame.line
  call s:Wait('the variables', {-> s:Shown('number') !=# ''})
  let s:report.locals = {'number': s:Shown('number')}
  call vimspector#AddWatch('number + 1000')
  call s:Wait('the watch', {-> s:Result() !=# ''})
  let s:report.evaluated = s:Result()
  call vimspector#StepOver()
  let l:frame = s:NextFrame(l:frame.id)
  let s:report.stepped = l:frame.line
  call s:Wait('the new variable', {-> s:Shown('doubled') !=# ''})
  let s:report.doubled = s:Shown('doubled')
  call vimspector#Continue()
  let s:report.again = s:NextFrame(l:frame.id).line
  call vimspector#Reset()
  call s:Wait('the end', {-> py3eval('not _vimspector_session or not _vimspector_session._connection')})
endfunction

function! s:Run(timer) abort
  try
    call s:Drive()
  catch
    let s:report.error = v:exception . ' at ' . v:throwpoint . "\n" . execute('messages')
    if exists('g:vimspector_session_windows') && has_key(g:vimspector_session_windows, 'variables')
      let s:report.error .= "\n" . join(s:Text('variables') + s:Text('watches'), "\n")
    endif
  endtry
  call writefile([json_encode(s:report)], $DRIVE_RESULT)
  qall!
endfunction

autocmd VimEnter * call timer_start(1, function('s:Run'))
